"""What the product is. No Qt, no Discord library, no SQL."""

VERSION = "0.1.0"
