/** The page, looked at with a real browser, and what it stands on, through the front door. */
@NullMarked
package io.modelyard.dashboard;

import org.jspecify.annotations.NullMarked;
