// Encodes each text of a JSON list, and prints rows of 0 and 1.
import { readFileSync } from "node:fs";
import { encode } from "../../../voucher/wallet/static/qr.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const drawn = asked.map(([text, mask]) => encode(text, mask ?? undefined).map((row) => row.map(Number).join("")));
console.log(JSON.stringify(drawn));
