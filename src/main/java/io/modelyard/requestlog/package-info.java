/**
 * What was asked and answered: observes exchanges, writes them behind the answer in batches, and reads them back as
 * {@code GET /logs}.
 */
@NullMarked
package io.modelyard.requestlog;

import org.jspecify.annotations.NullMarked;
