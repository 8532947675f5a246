/** A name that has to fit. */
export const short = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
