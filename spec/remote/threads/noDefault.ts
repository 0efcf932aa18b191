export const named = (): number => 1;
