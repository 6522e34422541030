package io.modelyard.trial;

import java.time.Instant;

/**
 * Which model was being loaded, by whom and since when.
 *
 * @param model {@code type/version}
 * @param pid of the process, for whoever looks for its log
 * @param boot the machine's start in which that was; empty where the machine does not tell
 */
record LoadMark(String digest, String model, Instant since, long pid, String boot) {}
