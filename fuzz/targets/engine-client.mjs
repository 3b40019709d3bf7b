/** The engine as client: what its peer says, and what its program does, are choices. */
import { engineTarget } from '../support/engine.mjs';

export const fuzz = engineTarget('client');
