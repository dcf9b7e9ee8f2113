import { playerConformance } from "../../conformance/player_conformance.ts";

for (const packageVersion of ["1.0.8", "2.0.0", "3.0.0", "4.0.0"]) {
  playerConformance(packageVersion);
}
