"""Runs a notebook with Jupyter's nbclient: run-nbclient.py INPUT OUTPUT."""

import os
import sys

import nbformat
from nbclient import NotebookClient

source, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
for cell in notebook.cells:
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
folder = os.path.dirname(os.path.abspath(source))
resources = {"metadata": {"path": folder}}
NotebookClient(notebook, timeout=120, kernel_name="tslab", resources=resources).execute()
nbformat.validate(notebook)
nbformat.write(notebook, target)
