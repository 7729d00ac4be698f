import { Copy } from "lucide";
import { useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Role } from "../../shared/types";
import { Button, copyText, FinalButton, Input, Select, Skeleton, toast, useLoad } from "../../shared/ui";
import type { PageProps } from "../page";
import { Unread } from "../unread";

interface Member {
  id: string;
  name: string;
  instance_owner: boolean;
  brand_roles: Record<string, Role>;
  login_link: string | null;
}

const ROLES: Role[] = ["viewer", "contributor", "editor", "owner"];

/** The people of this brand. A new one comes in by a link that works once. */
export function PeoplePart({ client, brand, me }: PageProps) {
  const people = useLoad(async () => (await client.get<{ items: Member[] }>("/members")).items, [client]);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const [invited, setInvited] = useState<Member>();
  const [busy, setBusy] = useState(false);

  const complain = (error: unknown) => toast(error instanceof ApiError ? error.text : t("error_internal"));
  const add = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      setInvited(await client.post<Member>("/members", { name, brand_roles: { [brand.id]: role } }));
      setName("");
      people.reload();
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };
  const remove = async (member: Member) => {
    try {
      await client.del(`/members/${member.id}`);
      toast(t("settings_member_removed", { name: member.name }));
      if (invited?.id === member.id) setInvited(undefined);
    } catch (error) {
      complain(error);
    }
    people.reload();
  };
  const here = (people.value ?? []).filter((one) => one.instance_owner || one.brand_roles[brand.id]);
  return (
    <div class="stack">
      {people.loading && !people.value && <Skeleton rows={2} />}
      <Unread error={people.value ? undefined : people.error} onRetry={people.reload} />
      <ul class="settings-list">
        {here.map((member) => (
          <li key={member.id} class="row wrap">
            <b class="grow">{member.name}</b>
            <span class="muted">
              {member.instance_owner ? t("settings_role_instance") : t(`settings_role_${member.brand_roles[brand.id]}`)}
            </span>
            {me.server.admin && (
              <Button
                kind="ghost"
                onClick={() =>
                  void client.post<Member>(`/members/${member.id}/login-link`).then(setInvited).catch(complain)
                }
              >
                {t("settings_new_link")}
              </Button>
            )}
            {me.server.admin && !member.instance_owner && (
              <FinalButton question={t("settings_remove_sure")} onSure={() => void remove(member)}>
                {t("settings_remove_member")}
              </FinalButton>
            )}
          </li>
        ))}
      </ul>
      {invited?.login_link && (
        <div class="note">
          <div class="grow stack">
            <p>{t("settings_invited", { name: invited.name })}</p>
            <code class="settings-secret">{invited.login_link}</code>
          </div>
          <Button icon={Copy} onClick={() => void copyText(invited.login_link ?? "")}>
            {t("ui_copy")}
          </Button>
        </div>
      )}
      <form class="settings-form row wrap end" onSubmit={(event) => void add(event)}>
        <div class="grow">
          <Input label={t("settings_member_name")} value={name} required maxLength={120} onText={setName} />
        </div>
        <Select
          label={t("settings_role")}
          value={role}
          options={ROLES.map((value) => ({ value, label: t(`settings_role_${value}`) }))}
          onChoose={(value) => setRole(value as Role)}
        />
        <Button kind="primary" type="submit" busy={busy}>
          {t("settings_add_member")}
        </Button>
      </form>
    </div>
  );
}
