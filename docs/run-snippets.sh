#!/usr/bin/env bash
# Runs every command of the documentation in clean copies of this project, and compares what is printed with what the pages say.
#   docs/run-snippets.sh                                          all pages; builds what it needs in a clean copy
#   docs/run-snippets.sh --jar target/modelyard.jar docs/keys.md  some pages, with a jar that is there
# Blocks of commands are those marked sh. A page has one terminal, and a server unless it begins with starting one. A comment right
# before a block says what is special about it:
#   <!-- not run: why -->        it is left out, and listed
#   <!-- starts the server -->   it goes on; what follows is asked of it
#   <!-- exits with 22 -->       it is to fail (22 is curl's for an answer of 400 and above)
# A block of json or text right below, or one with <!-- answer -->, is what the commands print: … stands for anything, numbers and
# times are as good as others. Where commands stand behind "$ ", what is below each is what it prints.
set -euo pipefail
cd "$(dirname "$0")/.."
exec mvn -B -q -ntp test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
  -Dexec.args="-cp %classpath io.modelyard.docs.RunSnippets $*"
