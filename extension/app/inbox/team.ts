/** Who works on this server, and who of them can take what is said about a brand. */

/** As `/members` says it. */
export interface WrittenMember {
  id: string;
  name: string;
  instance_owner: boolean;
  brand_roles: Record<string, string>;
}

export interface Member {
  id: string;
  name: string;
  /** Sees the brand. Who does not may have done so once: what they did keeps their name. */
  here: boolean;
}

export function teamOf(members: WrittenMember[], brand_id: string): Member[] {
  return members.map(({ id, name, instance_owner, brand_roles }) => ({
    id,
    name,
    here: instance_owner || brand_id in brand_roles,
  }));
}

/** To whom something can be given, and who has it now. */
export function takers(members: Member[], now?: string | null): Member[] {
  return members.filter(({ id, here }) => here || id === now);
}
