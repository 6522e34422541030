@NullMarked
package io.modelyard.database;

import org.jspecify.annotations.NullMarked;
