// Checks the PodMonitor in a file; fails with the reason.
import { readFileSync } from "node:fs";
import { PodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";

try {
  new PodMonitor(JSON.parse(readFileSync(process.argv[2]))).validate();
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
