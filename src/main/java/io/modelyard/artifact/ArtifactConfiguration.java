package io.modelyard.artifact;

import io.micronaut.context.annotation.ConfigurationProperties;
import jakarta.validation.constraints.NotNull;

import java.nio.file.Path;

/** @param directory where verified copies are kept */
@ConfigurationProperties("modelyard.artifact")
record ArtifactConfiguration(@NotNull Path directory) {}
