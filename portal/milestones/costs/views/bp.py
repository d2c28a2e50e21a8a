"""The blueprint of cost reports."""

from flask import Blueprint

bp = Blueprint("costs", __name__)
