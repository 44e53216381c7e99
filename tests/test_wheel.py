"""The wheel holds everything: installed into a clean environment it starts and serves."""

import os
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest

from tests.fakes import free_port

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it; its dependencies are those of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    home = folder / "env"
    venv.create(home, with_pip=False)
    wheel = next(folder.glob("*.whl"))
    pip = [sys.executable, "-m", "pip", "--python", str(home), "install", "--quiet", "--no-deps", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    site = next(home.glob("lib/python*/site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home


def environment(folder: Path, port: int) -> dict[str, str]:
    own = {"TOERBEURT_INSTANCE": str(folder / "instance"), "TOERBEURT_BASE_URL": f"http://127.0.0.1:{port}"}
    return {"PATH": os.environ["PATH"], "HOME": str(folder), **own}


def fetched(url: str) -> str:
    for _try in range(600):
        try:
            with urllib.request.urlopen(url) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def test_the_wheel_installs_upgrades_its_database_and_serves_pages(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    command, env = installed / "bin" / "toerbeurt", environment(tmp_path, port)
    where = subprocess.run(
        [installed / "bin" / "python", "-c", "import app; print(app.__file__)"],
        env=env, cwd=tmp_path, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    subprocess.run([command, "db", "upgrade"], env=env, cwd=tmp_path, check=True, capture_output=True)
    server = subprocess.Popen([command, "web", "--port", str(port), "--workers", "1"], env=env, cwd=tmp_path)
    try:
        page = fetched(f"http://127.0.0.1:{port}/sign-in")
        style = fetched(f"http://127.0.0.1:{port}/static/toerbeurt.css")
    finally:
        server.terminate()
        server.wait()

    assert str(installed) in where
    assert "Inloggen" in page
    assert "--paper" in style
