package io.modelyard.publish;

import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;

/**
 * One model that was found where somebody pointed: the files that belong to it and the runtime that knows them. Nothing
 * of it has been loaded.
 *
 * @param files root is the folder that was named, or the folder of the file that was named
 * @param provenance what stands beside the model about how it came to be
 */
public record ModelSource(ModelRuntime runtime, ModelFiles files, Provenance provenance) {}
