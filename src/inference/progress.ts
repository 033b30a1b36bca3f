/** How far a picture is, 0 to 1. A run of the network is one step, so most of the time passes at few fractions. */
export type OnProgress = (fraction: number) => void;
