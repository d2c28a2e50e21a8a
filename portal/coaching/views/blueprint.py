"""The blueprint that the pages of coaching share."""

from flask import Blueprint

bp = Blueprint("coaching", __name__)
