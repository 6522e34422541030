@NullMarked
package io.modelyard.openapi;

import org.jspecify.annotations.NullMarked;
