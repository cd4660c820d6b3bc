/** What is said about who holds the device. */

export const ROLES = {
  steward: { en: "Steward", de: "Team", es: "Equipo" },
  supervisor: { en: "Supervisor", de: "Aufsicht", es: "Supervisión" },
};

export const HOLDER = {
  nobody: { en: "Sign in", de: "Anmelden", es: "Entrar" },
  held: {
    en: (/** @type {string} */ name, /** @type {string} */ role) => `${name}, ${role}. Change or sign out`,
    de: (/** @type {string} */ name, /** @type {string} */ role) => `${name}, ${role}. Wechseln oder abmelden`,
    es: (/** @type {string} */ name, /** @type {string} */ role) => `${name}, ${role}. Cambiar o cerrar sesión`,
  },
  until: {
    en: (/** @type {string} */ time) => `until ${time}`,
    de: (/** @type {string} */ time) => `bis ${time}`,
    es: (/** @type {string} */ time) => `hasta las ${time}`,
  },
  again: {
    en: (/** @type {string} */ name) => `${name}, the server does not know yet that you are here. Give your PIN once more.`,
    de: (/** @type {string} */ name) => `${name}, der Server weiß noch nicht, dass du hier bist. Gib deine PIN noch einmal ein.`,
    es: (/** @type {string} */ name) => `${name}, el servidor aún no sabe que estás aquí. Introduce tu PIN otra vez.`,
  },
  ends: {
    en: (/** @type {string} */ name, /** @type {string} */ time) => `${name}, your sign-in ends at ${time}. Give your PIN again before that.`,
    de: (/** @type {string} */ name, /** @type {string} */ time) => `${name}, deine Anmeldung endet um ${time}. Gib deine PIN vorher noch einmal ein.`,
    es: (/** @type {string} */ name, /** @type {string} */ time) => `${name}, tu sesión termina a las ${time}. Introduce tu PIN antes.`,
  },
  givePin: { en: "Give the PIN", de: "PIN eingeben", es: "Introducir el PIN" },
  checkOnly: {
    en: "This device may only check. An organiser can let it redeem.",
    de: "Dieses Gerät darf nur prüfen. Die Organisation kann ihm das Einlösen erlauben.",
    es: "Este dispositivo solo puede comprobar. La organización puede permitirle canjear.",
  },
  by: {
    en: (/** @type {string} */ name) => `by ${name}`,
    de: (/** @type {string} */ name) => `von ${name}`,
    es: (/** @type {string} */ name) => `por ${name}`,
  },
};

export const FIRST = {
  title: { en: "Who works here?", de: "Wer arbeitet hier?", es: "¿Quién trabaja aquí?" },
  text: {
    en: "Sign in, and this device works in your name.",
    de: "Melde dich an, dann arbeitet dieses Gerät in deinem Namen.",
    es: "Inicia sesión y este dispositivo trabajará en tu nombre.",
  },
  noOne: {
    en: "Staff have to sign in here, and nobody is admitted to this device yet. Ask an organiser to admit you.",
    de: "Hier muss sich das Team anmelden, und für dieses Gerät ist noch niemand zugelassen. Bitte die Organisation, dich zuzulassen.",
    es: "Aquí el equipo debe iniciar sesión y todavía no hay nadie autorizado en este dispositivo. Pide a la organización que te autorice.",
  },
};

export const SIGN_IN = {
  required: {
    en: "Here staff sign in first.",
    de: "Hier meldet sich das Team zuerst an.",
    es: "Aquí el equipo inicia sesión primero.",
  },
  notSignedIn: {
    en: (/** @type {string} */ name) => `The server does not know that ${name} is signed in on this device. Sign in with the PIN.`,
    de: (/** @type {string} */ name) => `Der Server weiß nichts davon, dass ${name} auf diesem Gerät angemeldet ist. Melde dich mit der PIN an.`,
    es: (/** @type {string} */ name) => `El servidor no sabe que ${name} ha iniciado sesión en este dispositivo. Inicia sesión con el PIN.`,
  },
  notKnown: {
    en: (/** @type {string} */ name) => `${name} may not be named here any more. Somebody else has to sign in.`,
    de: (/** @type {string} */ name) => `${name} darf hier nicht mehr genannt werden. Jemand anders muss sich anmelden.`,
    es: (/** @type {string} */ name) => `${name} ya no puede figurar aquí. Otra persona debe iniciar sesión.`,
  },
  over: {
    en: (/** @type {string} */ name) => `The sign-in of ${name} is over. Sign in again.`,
    de: (/** @type {string} */ name) => `Die Anmeldung von ${name} ist abgelaufen. Melde dich wieder an.`,
    es: (/** @type {string} */ name) => `La sesión de ${name} ha terminado. Inicia sesión otra vez.`,
  },
  ended: {
    en: (/** @type {string} */ name) => `${name} is not signed in any more: it was ended elsewhere, or the PIN is another one.`,
    de: (/** @type {string} */ name) => `${name} ist nicht mehr angemeldet: anderswo beendet, oder die PIN ist eine andere.`,
    es: (/** @type {string} */ name) => `${name} ya no tiene la sesión iniciada: se cerró en otro lugar o el PIN es otro.`,
  },
  who: { en: "Who are you?", de: "Wer bist du?", es: "¿Quién eres?" },
  holds: {
    en: (/** @type {string} */ name) => `${name} holds this device`,
    de: (/** @type {string} */ name) => `${name} hat dieses Gerät`,
    es: (/** @type {string} */ name) => `${name} tiene este dispositivo`,
  },
  change: { en: "Somebody else?", de: "Jemand anders?", es: "¿Otra persona?" },
  noOne: {
    en: "Nobody is admitted to this device. Organisers do that on the page Operators.",
    de: "Für dieses Gerät ist niemand zugelassen. Das macht die Organisation auf der Seite „Operators“.",
    es: "No hay nadie autorizado en este dispositivo. Lo hace la organización en la página «Operators».",
  },
  pin: {
    en: (/** @type {string} */ name) => `${name}, your PIN`,
    de: (/** @type {string} */ name) => `${name}, deine PIN`,
    es: (/** @type {string} */ name) => `${name}, tu PIN`,
  },
  oldPin: {
    en: (/** @type {string} */ name) => `${name}, first the PIN you have`,
    de: (/** @type {string} */ name) => `${name}, erst deine bisherige PIN`,
    es: (/** @type {string} */ name) => `${name}, primero tu PIN actual`,
  },
  newPin: { en: "Choose your own PIN", de: "Wähle deine eigene PIN", es: "Elige tu propio PIN" },
  newPinWhy: {
    en: "Six digits that only you know. No runs, no repetitions.",
    de: "Sechs Ziffern, die nur du kennst. Keine Reihen, keine Wiederholungen.",
    es: "Seis cifras que solo tú conozcas. Sin series ni repeticiones.",
  },
  newPinAgain: { en: "The same PIN once more", de: "Dieselbe PIN noch einmal", es: "El mismo PIN otra vez" },
  chooseNew: { en: "Choose another PIN", de: "Andere PIN wählen", es: "Elegir otro PIN" },
  keepPin: { en: "Keep the PIN I have", de: "Meine PIN behalten", es: "Conservar mi PIN" },
  back: { en: "Back", de: "Zurück", es: "Atrás" },
  close: { en: "Close", de: "Schließen", es: "Cerrar" },
  signOut: { en: "Sign out", de: "Abmelden", es: "Cerrar sesión" },
  signOutAnyway: { en: "Sign out all the same", de: "Trotzdem abmelden", es: "Cerrar sesión de todos modos" },
  noPinYet: { en: "no PIN yet", de: "noch keine PIN", es: "aún sin PIN" },
  onlyOnline: { en: "needs a network", de: "braucht ein Netz", es: "necesita red" },
  digits: {
    en: (/** @type {number} */ count) => `${count} of 6 digits`,
    de: (/** @type {number} */ count) => `${count} von 6 Ziffern`,
    es: (/** @type {number} */ count) => `${count} de 6 cifras`,
  },
  erase: { en: "Erase the last digit", de: "Letzte Ziffer löschen", es: "Borrar la última cifra" },
  clear: { en: "Clear", de: "Leeren", es: "Vaciar" },
  waiting: {
    en: (/** @type {number} */ count) => `${count === 1 ? "1 scan waits" : `${count} scans wait`} here to be sent. `
      + "What waits keeps the name it was made in, and goes up by itself. Leave this page open, or open it again with a network.",
    de: (/** @type {number} */ count) => `${count === 1 ? "1 Scan wartet" : `${count} Scans warten`} hier darauf, gesendet zu werden. `
      + "Was wartet, behält seinen Namen und geht von selbst hinaus. Lass diese Seite offen, oder öffne sie wieder, wenn es ein Netz gibt.",
    es: (/** @type {number} */ count) => `${count === 1 ? "1 escaneo espera" : `${count} escaneos esperan`} aquí a ser enviados. `
      + "Lo que espera conserva su nombre y se envía solo. Deja esta página abierta, o vuelve a abrirla con red.",
  },
  steward: {
    en: "Without a network you scan as a steward. Once it is back, give your PIN once more.",
    de: "Ohne Netz scannst du als Team. Wenn es wieder da ist, gib deine PIN noch einmal ein.",
    es: "Sin red escaneas como parte del equipo. Cuando vuelva, introduce tu PIN otra vez.",
  },
};

export const REFUSED = {
  wrong: {
    en: (/** @type {number} */ left) => `This PIN is not right. ${left === 1 ? "1 try" : `${left} tries`} left.`,
    de: (/** @type {number} */ left) => `Diese PIN stimmt nicht. Noch ${left === 1 ? "1 Versuch" : `${left} Versuche`}.`,
    es: (/** @type {number} */ left) => `Este PIN no es correcto. ${left === 1 ? "Queda 1 intento" : `Quedan ${left} intentos`}.`,
  },
  locked: {
    en: (/** @type {string} */ time) => `Too many wrong PINs. Nobody can sign in here until ${time}, unless an organiser resets the PIN.`,
    de: (/** @type {string} */ time) => `Zu viele falsche PINs. Bis ${time} kann sich hier niemand anmelden, außer die Organisation setzt die PIN zurück.`,
    es: (/** @type {string} */ time) => `Demasiados PIN incorrectos. Nadie puede iniciar sesión aquí hasta las ${time}, salvo que la organización restablezca el PIN.`,
  },
  weak: {
    en: "Too easy to guess: six digits that are no run and do not repeat themselves.",
    de: "Zu leicht zu erraten: sechs Ziffern, die keine Reihe sind und sich nicht wiederholen.",
    es: "Demasiado fácil de adivinar: seis cifras que no sean una serie ni se repitan.",
  },
  differs: {
    en: "These two were not the same. Choose once more.",
    de: "Die beiden waren nicht gleich. Wähle noch einmal.",
    es: "No eran iguales. Elige otra vez.",
  },
  unknown: {
    en: "Without a network only those can sign in who did so here with one before.",
    de: "Ohne Netz kann sich nur anmelden, wer es hier schon einmal mit Netz getan hat.",
    es: "Sin red solo puede iniciar sesión quien ya lo hizo aquí con red.",
  },
  too_long: {
    en: "This device has not heard from the server for too long. Signing in needs a network now.",
    de: "Dieses Gerät hat zu lange nichts vom Server gehört. Zum Anmelden braucht es jetzt ein Netz.",
    es: "Este dispositivo lleva demasiado tiempo sin noticias del servidor. Ahora hace falta red para iniciar sesión.",
  },
  too_often: {
    en: "This PIN was wrong here too often. Sign in once with a network.",
    de: "Diese PIN war hier zu oft falsch. Melde dich einmal mit Netz an.",
    es: "Este PIN ha fallado aquí demasiadas veces. Inicia sesión una vez con red.",
  },
  no_network: {
    en: "The server cannot be reached. This needs a network: try again.",
    de: "Der Server ist nicht erreichbar. Das braucht ein Netz: versuch es noch einmal.",
    es: "No se puede contactar con el servidor. Esto necesita red: inténtalo de nuevo.",
  },
  no_disk: {
    en: "This browser keeps nothing, so signing in needs a network.",
    de: "Dieser Browser merkt sich nichts, darum braucht das Anmelden ein Netz.",
    es: "Este navegador no guarda nada, por eso iniciar sesión necesita red.",
  },
  code: {
    en: "That was a code and no PIN. Sign in first, then scan it again.",
    de: "Das war ein Code und keine PIN. Melde dich erst an, dann scanne ihn noch einmal.",
    es: "Eso era un código, no un PIN. Inicia sesión primero y escanéalo otra vez.",
  },
  other: {
    en: "The server did not take this. Ask an organiser.",
    de: "Der Server hat das nicht angenommen. Frag die Organisation.",
    es: "El servidor no lo aceptó. Pregunta a la organización.",
  },
};
