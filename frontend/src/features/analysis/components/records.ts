/** Records out of JSON: a list, or the whole request of the API. */

export type CustomerRecord = Record<string, string | number | boolean | null>;

export function readRecords(text: string): CustomerRecord[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error('This looks like JSON but cannot be parsed. Check the brackets and quotes.');
  }
  const list: unknown = Array.isArray(content) ? content : (content as { customerData?: unknown }).customerData;
  if (!Array.isArray(list) || !list.every((each) => typeof each === 'object' && each !== null)) {
    throw new Error('The JSON should be a list of records, such as [{"age": 34, "income": 65000}, ...].');
  }
  return list as CustomerRecord[];
}
