"""A kiosk's server of a few lines: the page, what it loads, and whatever answers a test wants."""

from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template, request, send_from_directory

ROOT = Path(__file__).parents[3]
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "worker-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
NAMES = {
    "station_name": "Pop-up Berlin",
    "device_name": "Door 2",
    "community_name": "Paper Lanterns",
    "zone": "Europe/Berlin",
    "primary": "#5865f2",
    "accent": "#7ee0b5",
}

UNTIL = "2099-05-03T23:00:00Z"


def _operator(name: str, *, chosen: bool) -> dict[str, Any]:
    pin = {"has_pin": True, "pin_number": 1, "pin_chosen": chosen}
    return {"id": f"op_{name.lower()}", "name": name, "role": "steward"} | pin


OPERATORS = [_operator("Kim", chosen=True), _operator("Lee", chosen=False)]


def answer(verdict: str = "redeemed", **more: Any) -> dict[str, Any]:
    return {
        "verdict": verdict,
        "message": f"The sentence of {verdict}.",
        "voucher": {
            "reference": "V-7KQ2M9XA",
            "perk": {"number": 7, "name": "Enamel pin"},
            "uses_left": 0,
            "valid_until": "2031-05-04T16:00:00Z",
        },
        "member": {"display_name": "Ada Morgenstern"},
        "first_redemption": None,
        "audit_entry": 12,
        "server_time": "2031-05-03T12:00:00Z",
        "skew_ms": 40,
        "replayed": False,
    } | more


class Stub:
    """What the kiosk's server says, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.statuses: list[int] = []
        self.scans: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.paired = True
        self.address = ""
        self.may = ["redeem", "undo"]
        self.required = False
        self.signed_in: dict[str, Any] | None = None
        self.sign_ins: list[tuple[int, dict[str, Any]]] = []
        self.pins: list[dict[str, Any]] = []

    def reset(self) -> None:
        self.answers, self.statuses, self.paired = {}, [], True
        self.may, self.required, self.signed_in = ["redeem", "undo"], False, None
        self.sign_ins.clear()
        self.pins.clear()
        self.scans.clear()
        self.paths.clear()

    def texts(self) -> list[str]:
        return [scan.get("token") or scan["code"] for scan in self.scans]

    def note_path(self) -> None:
        self.paths.append(request.path)

    def status(self) -> tuple[Response, int]:
        if not self.paired:
            return jsonify(title="Not paired"), 401
        return jsonify(
            device={"id": "d1", "name": "Door 2", "may": self.may},
            station={
                "key": "berlin",
                "name": "Pop-up Berlin",
                "operators": "required" if self.required else "optional",
            },
            operators=OPERATORS,
            operator=self.signed_in,
            community={"name": "Paper Lanterns", "primary": "#5865f2", "accent": "#7ee0b5"},
            server_time="2031-05-03T12:00:00Z",
        ), 200

    def sign_in(self) -> tuple[Response, int]:
        """As it was told to answer; else whoever asks is signed in."""
        asked = request.get_json()
        self.pins.append(asked)
        if self.sign_ins:
            status, told = self.sign_ins.pop(0)
            return jsonify(told), status
        (operator,) = (one for one in OPERATORS if one["id"] == asked["operator"])
        self.signed_in = {**operator, "until": UNTIL}
        return jsonify(operator=operator, until=UNTIL), 200

    def judge(self) -> tuple[Response, int]:
        scan = request.get_json()
        self.scans.append(scan)
        status = self.statuses.pop(0) if self.statuses else 200
        if status >= 400:
            return jsonify(title="A title", detail="The reason in words."), status
        text = scan.get("token") or scan["code"]
        return jsonify(self.answers.get(text, answer())), 200

    def undo(self, attempt: str) -> Response:
        del attempt
        return jsonify(answer("undone", message_key="undone", facts={}))


def stub_app(stub: Stub) -> Flask:
    app = Flask(__name__, static_folder=None, template_folder=str(ROOT / "templates"))
    app.add_url_rule("/kiosk/static/<path:name>", view_func=own_file)
    app.add_url_rule("/kiosk/vendor/zxing/<path:name>", view_func=vendor_file)
    app.add_url_rule("/kiosk/vendor/ed25519/<path:name>", view_func=signature_file)
    app.add_url_rule("/kiosk/", "page", lambda: render_template("kiosk/page.html", **NAMES))
    app.add_url_rule("/kiosk/unpaired", "bare", lambda: render_template("kiosk/unpaired.html"))
    app.add_url_rule("/kiosk/pair", view_func=pair_page, methods=["GET", "POST"])
    app.add_url_rule("/kiosk/status", view_func=stub.status)
    app.add_url_rule("/api/v1/operators/sign-in", view_func=stub.sign_in, methods=["POST"])
    app.add_url_rule("/api/v1/scans", view_func=stub.judge, methods=["POST"])
    app.add_url_rule("/api/v1/scans/<attempt>/undo", view_func=stub.undo, methods=["POST"])
    app.before_request(stub.note_path)
    app.after_request(add_policy)
    return app


def own_file(name: str) -> Response:
    return send_from_directory(ROOT / "kiosk/static", name)


def vendor_file(name: str) -> Response:
    return send_from_directory(ROOT / "node_modules/zxing-wasm/dist", name)


def signature_file(name: str) -> Response:
    return send_from_directory(ROOT / "node_modules/@noble/ed25519", name)


def pair_page() -> str:
    if request.method == "POST":
        return f"paired {request.form['name']}"
    expired = "expired" in request.args
    return render_template("kiosk/pair.html", station_name="Pop-up Berlin", expired=expired)


def add_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response
