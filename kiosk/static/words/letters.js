/** The pages beside the desk: pairing, and what to do without it. A `*` is strong, a `|` is typed. */

/** @typedef {(name: string) => string} OfOne */

export const PAIR = {
  page_title: {
    en: "Pair this browser – Kiosk",
    de: "Diesen Browser koppeln – Kiosk",
    es: "Vincular este navegador – Kiosk",
  },
  title: {
    en: /** @type {OfOne} */ ((station) => `Pair this browser with ${station}`),
    de: /** @type {OfOne} */ ((station) => `Diesen Browser mit ${station} koppeln`),
    es: /** @type {OfOne} */ ((station) => `Vincular este navegador con ${station}`),
  },
  means: {
    en: "It can then scan vouchers and hand out perks for this station, until an organiser ends the"
      + " pairing. Do this only on a device that stays with staff.",
    de: "Er kann dann für diese Station Gutscheine scannen und einlösen, bis jemand vom Orga-Team die"
      + " Kopplung beendet. Tu das nur auf einem Gerät, das beim Team bleibt.",
    es: "Podrá escanear vales y entregar ventajas en este puesto hasta que la organización termine la"
      + " vinculación. Hazlo solo en un dispositivo que se quede con el equipo.",
  },
  name: { en: "Name of this device", de: "Name dieses Geräts", es: "Nombre de este dispositivo" },
  optional: { en: "(optional)", de: "(freiwillig)", es: "(opcional)" },
  name_hint: {
    en: "Something that tells it from the others, like “Door 2”. It is shown when a voucher has been"
      + " used before.",
    de: "Etwas, woran man es erkennt, wie „Tür 2“. Es wird gezeigt, wenn ein Gutschein schon benutzt"
      + " wurde.",
    es: "Algo que lo distinga de los demás, como «Puerta 2». Se muestra cuando un vale ya se usó"
      + " antes.",
  },
  is_paired: {
    en: /** @type {OfOne} */ ((station) => `This browser is paired with ${station}`),
    de: /** @type {OfOne} */ ((station) => `Dieser Browser ist mit ${station} gekoppelt`),
    es: /** @type {OfOne} */ ((station) => `Este navegador está vinculado con ${station}`),
  },
  is_device: {
    en: /** @type {OfOne} */ ((device) =>
      `It is the device ${device}. The pairing link has done its work and is used up.`),
    de: /** @type {OfOne} */ ((device) =>
      `Er ist das Gerät ${device}. Der Kopplungslink hat seine Arbeit getan und ist verbraucht.`),
    es: /** @type {OfOne} */ ((device) =>
      `Es el dispositivo ${device}. El enlace de vinculación ya hizo su trabajo y está gastado.`),
  },
  go: { en: "Go to the kiosk", de: "Zum Kiosk", es: "Ir al kiosk" },
  link_over: {
    en: "This link does not work any more",
    de: "Dieser Link geht nicht mehr",
    es: "Este enlace ya no funciona",
  },
  link_over_what: {
    en: "The pairing link has been used already, or it is too old. Ask an organiser for a new one.",
    de: "Der Kopplungslink wurde schon benutzt oder ist zu alt. Frag das Orga-Team nach einem neuen.",
    es: "El enlace de vinculación ya se usó o es demasiado antiguo. Pide uno nuevo a la organización.",
  },
};

export const UNPAIRED = {
  page_title: {
    en: "Not paired – Kiosk", de: "Nicht gekoppelt – Kiosk", es: "Sin vincular – Kiosk",
  },
  title: {
    en: "This browser is not paired yet",
    de: "Dieser Browser ist noch nicht gekoppelt",
    es: "Este navegador aún no está vinculado",
  },
  what: {
    en: "The kiosk scans the vouchers that members bring, and says what to hand over. It works only on"
      + " a browser that an organiser has paired with a station.",
    de: "Der Kiosk scannt die Gutscheine, die Mitglieder mitbringen, und sagt, was du ausgibst. Er läuft"
      + " nur in einem Browser, den das Orga-Team mit einer Station gekoppelt hat.",
    es: "El kiosk escanea los vales que traen los miembros y dice qué entregar. Solo funciona en un"
      + " navegador que la organización haya vinculado con un puesto.",
  },
  to_do: { en: "What to do", de: "Was zu tun ist", es: "Qué hacer" },
  demo: {
    en: "This is the demo: open the *Kiosk* address that |make run| printed in the terminal. It works"
      + " once; each start prints a new one.",
    de: "Das ist die Demo: Öffne die Adresse *Kiosk*, die |make run| im Terminal ausgegeben hat. Sie gilt"
      + " einmal; jeder Start gibt eine neue aus.",
    es: "Esta es la demo: abre la dirección *Kiosk* que |make run| mostró en la terminal. Vale una vez;"
      + " cada arranque muestra una nueva.",
  },
  ask: {
    en: "Ask an organiser for a *pairing link*: whoever runs the server makes one for your station by"
      + " |keepsake devices add --station KEY|.",
    de: "Frag das Orga-Team nach einem *Kopplungslink*: Wer den Server betreibt, macht einen für deine"
      + " Station mit |keepsake devices add --station KEY|.",
    es: "Pide a la organización un *enlace de vinculación*: quien lleva el servidor crea uno para tu"
      + " puesto con |keepsake devices add --station KEY|.",
  },
  open: {
    en: "Open the link here, in this browser.",
    de: "Öffne den Link hier, in diesem Browser.",
    es: "Abre el enlace aquí, en este navegador.",
  },
  tap: {
    en: "Tap *Pair this browser*.", de: "Tippe auf *Diesen Browser koppeln*.", es: "Toca *Vincular este navegador*.",
  },
  rest: {
    en: "A pairing link works once and for a short time. In a private window the pairing is forgotten"
      + " when the window is closed. Are you a member? You never need this page: show your code to"
      + " staff, and they scan it.",
    de: "Ein Kopplungslink gilt einmal und für kurze Zeit. In einem privaten Fenster ist die Kopplung"
      + " vergessen, sobald es geschlossen wird. Du bist Mitglied? Diese Seite brauchst du nie: Zeig dem"
      + " Team deinen Code, und es scannt ihn.",
    es: "Un enlace de vinculación vale una vez y por poco tiempo. En una ventana privada la vinculación"
      + " se olvida al cerrarla. ¿Eres miembro? Nunca necesitas esta página: enseña tu código al equipo"
      + " y lo escanearán.",
  },
};
