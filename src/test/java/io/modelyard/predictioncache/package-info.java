@NullMarked
package io.modelyard.predictioncache;

import org.jspecify.annotations.NullMarked;
