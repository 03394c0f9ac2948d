"""What directory hears: nothing; the others lean on it."""

from shared.messaging import Consumer

consumer = Consumer("directory")
