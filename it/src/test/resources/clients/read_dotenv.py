"""Prints the variables of a .env file as a Python program reads them: read_dotenv.py <file>"""

import json
import sys

from dotenv import dotenv_values

print(json.dumps(dotenv_values(sys.argv[1])))
