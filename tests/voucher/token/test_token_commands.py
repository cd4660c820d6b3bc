import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from voucher.token.commands import token


@pytest.fixture
def jwks(tmp_path: Path, vectors: dict[str, Any]) -> Path:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(vectors["jwks"]))
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(token, ["verify", *arguments])


def test_each_vector_prints_one_json_value_and_exits_by_its_verdict(
    vectors: dict[str, Any], jwks: Path
) -> None:
    for case in vectors["cases"]:
        offline = ["--offline"] if case.get("offline") else []
        answer = run(case["text"], "--jwks", str(jwks), "--now", str(case["now"]), *offline)
        said = json.loads(answer.stdout)
        assert said == {"verdict": case["verdict"], "fields": case.get("fields")}, case["name"]
        assert answer.exit_code == (0 if case["verdict"] == "ok" else 1), case["name"]
        assert answer.stderr == ""


@pytest.mark.parametrize("text", ["", "-", "-x", "--unheard-of", "-AEAA.BBBB", "--", "—"])
def test_a_text_may_look_like_an_option_or_be_empty(text: str, jwks: Path) -> None:
    before = ["--jwks", str(jwks), "--now", "1780000600"]
    answer = run(*before, *(["--", text] if text == "--" else [text]))
    assert json.loads(answer.stdout) == {"verdict": "malformed", "fields": None}
    assert answer.exit_code == 1


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{", b"[]", b'{"keys": 1}', b"\xff\xfe\xfa", b"[" * 100_000, b"1" * 5000],
)
def test_a_key_set_that_cannot_be_read_is_one_sentence_on_stderr(
    content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "jwks.json"
    if content is not None:
        path.write_bytes(content)
    answer = run("A.B", "--jwks", str(path), "--now", "1")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.startswith(f"Cannot read the key set {path}: ")
    assert answer.stderr.count("\n") == 1


def test_a_folder_is_no_key_set(tmp_path: Path) -> None:
    answer = run("A.B", "--jwks", str(tmp_path), "--now", "1")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "directory" in answer.stderr
