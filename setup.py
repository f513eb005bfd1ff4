"""Lets setuptools read setup.cfg; everything is declared there."""

from setuptools import setup

setup()
