"""The sound of an alert: a chime of three tones, made here and free of any licence.

Usage: python scripts/alert_sound.py writes static/audio/alert.wav anew.
"""

import math
import struct
import wave
from pathlib import Path

RATE = 16_000
TARGET = Path(__file__).parent.parent / "static/audio/alert.wav"
# (start in seconds, Hertz): a rising chord, each tone fading away.
TONES = ((0.0, 659.26), (0.14, 830.61), (0.28, 987.77))
SECONDS = 0.9
LOUDNESS = 0.28


def get_sample(moment):
    """Return the sum of all tones at a moment, between -1 and 1."""
    return sum(
        LOUDNESS
        * math.exp(-5 * (moment - start))
        * min(1.0, (moment - start) * 200)
        * math.sin(2 * math.pi * hertz * (moment - start))
        for start, hertz in TONES
        if moment >= start
    )


def main():
    """Write the sound as 16-bit mono."""
    samples = [get_sample(number / RATE) for number in range(int(RATE * SECONDS))]
    TARGET.parent.mkdir(exist_ok=True)
    with wave.open(str(TARGET), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(
            b"".join(struct.pack("<h", round(s * 32767)) for s in samples)
        )


if __name__ == "__main__":
    main()
