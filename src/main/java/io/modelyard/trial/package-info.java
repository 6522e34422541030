/**
 * Native libraries are guests: a model that is new here is loaded and run by a child process before this one loads it, and
 * a load that ended the process is not repeated.
 */
@NullMarked
package io.modelyard.trial;

import org.jspecify.annotations.NullMarked;
