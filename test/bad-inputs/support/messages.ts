/** The messages of the cases that only describe one: the octets of their sections. */
export const badMessages: Readonly<Record<string, readonly string[]>> = {
  'BY-24': [''],
  'BY-26': ['00537345 00537345 005377a10161'],
  'BY-27': ['005375a00101 005377a10161'],
  'BY-28': ['a10161', '00539945'],
  'BY-30': ['005374c10502a1016145 005377a10161'],
  'BY-31': ['005373c003015401 005377a10161'],
  'BY-32': ['005370c00402405205 005377a10161'],
  'BY-34': ['005377f0000000050100000040'],
};
