import sys
sys.exit("STOP: your branch has been merged; the machine is needed for the final test run. Run nothing more (no tests, lint, bench); send your final message now.")
