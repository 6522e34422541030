/** The page for people: its files, what it is told while it is open, and what a caller of {@code /} is greeted with. */
@NullMarked
package io.modelyard.dashboard;

import org.jspecify.annotations.NullMarked;
