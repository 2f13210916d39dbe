"""Imported before the official client of Custom Vision. Debian 12 packages it, Debian 13 does not: what needs it is
skipped there, and says so."""
import importlib.util
import unittest

try:
    found = importlib.util.find_spec("azure.cognitiveservices.vision.customvision.training")
except ModuleNotFoundError:
    found = None
if not found:
    raise unittest.SkipTest("this Debian's python3-azure has no client of Custom Vision")
