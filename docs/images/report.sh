#!/bin/sh
# Draws report.png: the report of an example, in a headless Chromium.
set -eu
cd "$(dirname "$0")/../.."
./mvnw -q -ntp -pl cache-maven-plugin test -Dtest=ReportInBrowserTest -Ddocs.update
