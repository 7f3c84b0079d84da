import subprocess
import sys

import pytest

from shared.adapters.bcrypt_passwords import BcryptPasswords

PASSWORDS = BcryptPasswords(rounds=4)

IN_GATEWAY = """
from gevent import monkey; monkey.patch_all()
import gevent
from shared.adapters.bcrypt_passwords import BcryptPasswords

passwords = BcryptPasswords(rounds=12)
beats = 0

def beat():
    global beats
    while True:
        gevent.sleep(0.001)
        beats += 1

heart = gevent.spawn(beat)
hashes = [one.get() for one in [gevent.spawn(passwords.hash, "sesame") for _ in range(5)]]
heart.kill()
assert all(passwords.matches("sesame", one) for one in hashes) and len(set(hashes)) == 5
try:
    passwords.matches("sesame", "no hash")
except ValueError:
    pass
assert passwords.matches("sesame", hashes[0])
print("beats", beats)
"""


@pytest.mark.parametrize("password", ["sesame", "열려라 참깨", "한" * 40, "x" * 128, "a\u0000b"])
def test_a_password_matches_its_own_hash_only(password: str) -> None:
    hashed = PASSWORDS.hash(password)

    assert PASSWORDS.matches(password, hashed)
    assert not PASSWORDS.matches(password + "x", hashed)
    assert PASSWORDS.hash(password) != hashed


def test_every_character_counts_of_a_long_password() -> None:
    assert not PASSWORDS.matches("한" * 39 + "글", PASSWORDS.hash("한" * 40))


def test_how_a_keyboard_composes_does_not_count() -> None:
    assert PASSWORDS.matches("\u1112\u1161\u11ab", PASSWORDS.hash("한"))


def test_in_the_gateway_the_event_loop_goes_on() -> None:
    done = subprocess.run([sys.executable, "-c", IN_GATEWAY], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
    # Hashed in the loop itself, five hashes would leave it about five moments to beat.
    assert int(done.stdout.split()[1]) > 25
