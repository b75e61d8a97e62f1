// The queue: Enter opens the next case.
import { onKeys } from "./keys.js";

onKeys({ Enter: () => document.getElementById("next")?.click() });
