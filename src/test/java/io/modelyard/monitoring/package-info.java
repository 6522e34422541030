/** What watches from outside is right: Prometheus' configuration and rules, and the dashboards of Grafana. */
@NullMarked
package io.modelyard.monitoring;

import org.jspecify.annotations.NullMarked;
