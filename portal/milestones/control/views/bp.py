"""The blueprint of the control of costs."""

from flask import Blueprint

bp = Blueprint("control", __name__)
