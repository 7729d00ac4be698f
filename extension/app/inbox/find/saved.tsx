/** Saved searches beside the tabs: opened by a click, and what can be done with the one in use. */
import { Bookmark, ChevronDown, Ellipsis } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import { t } from "../../../shared/i18n";
import { Button, Dialog, Icon, Input, Menu, type MenuItem, toast, undoable } from "../../../shared/ui";
import { type Filter, isNarrowed, type Narrow, NO_FILTER } from "../filter";
import { changedSearch, filterOf, isChanged, type SavedSearch, searchOf } from "./searches";

interface SavedProps {
  client: Client;
  brand_id: string;
  filter: Filter;
  searches: SavedSearch[];
  /** False for those who only look. */
  editable: boolean;
  onFilter: (filter: Filter | Narrow) => void;
  onSaved: () => void;
  go: (page: string, params?: Record<string, string>) => void;
}

/** Their names in a row; nothing where there are none. */
export function SavedSearches(props: SavedProps) {
  const { client, filter, searches, editable, onFilter, onSaved, go } = props;
  const [naming, setNaming] = useState<SavedSearch>();
  const row = useRef<HTMLUListElement>(null);
  const cut = useCut(row, searches);
  useEffect(() => {
    row.current?.querySelector(".used")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [filter.search_id, searches.length]);
  if (searches.length === 0) return null;
  const act = (work: () => Promise<unknown>) => saying(work, onSaved);
  const remove = (search: SavedSearch) =>
    act(async () => {
      const path = `/searches/${search.id}`;
      await client.del(path);
      if (filter.search_id === search.id) onFilter((now) => ({ ...now, search_id: "" }));
      undoable(t("find_deleted", { name: search.name }), () => void act(() => client.post(`${path}/restore`)));
    });
  const move = (at: number, to: number) =>
    act(async () => {
      const order = searches.toSpliced(at, 1).toSpliced(to, 0, searches[at]!);
      for (const [position, { id, version, position: before }] of order.entries()) {
        if (before !== position) await client.patch(`/searches/${id}`, { position, version });
      }
    });
  const menu = (search: SavedSearch, at: number): MenuItem[] => {
    const items: MenuItem[] = [{ label: t("find_tell_me"), run: () => go("alerts", { search: search.id }) }];
    if (!editable) return items;
    items.push({ label: t("find_rename"), separated: true, run: () => setNaming(search) });
    if (at > 0) items.push({ label: t("find_earlier"), run: () => void move(at, at - 1) });
    if (at < searches.length - 1) items.push({ label: t("find_later"), run: () => void move(at, at + 1) });
    items.push({ label: t("find_delete"), separated: true, run: () => void remove(search) });
    return items;
  };
  return (
    <>
      <ul ref={row} class="find-saved" aria-label={t("find_saved")}>
        {searches.map((search, at) => {
          const used = search.id === filter.search_id;
          return (
            <li key={search.id} class={used ? "used" : ""}>
              <button
                type="button"
                aria-pressed={used}
                title={search.query}
                onClick={() =>
                  onFilter(used && !isChanged(search, filter) ? without(filter) : filterOf(search, filter))
                }
              >
                <Icon icon={Bookmark} />
                <span class="cut">{search.name}</span>
              </button>
              {used && (
                <Menu label={t("find_saved_acts", { name: search.name })} items={menu(search, at)}>
                  <Icon icon={Ellipsis} />
                </Menu>
              )}
            </li>
          );
        })}
      </ul>
      {cut && (
        <Menu
          label={t("find_all_saved")}
          class="btn ghost square find-all"
          items={searches.map((search) => ({
            label: search.name,
            checked: search.id === filter.search_id,
            run: () => onFilter(filterOf(search, filter)),
          }))}
        >
          <Icon icon={ChevronDown} />
        </Menu>
      )}
      {naming && (
        <NameDialog
          title={t("find_rename")}
          name={naming.name}
          onClose={() => setNaming(undefined)}
          onName={async (name) => {
            await client.patch(`/searches/${naming.id}`, { name, version: naming.version });
            setNaming(undefined);
            onSaved();
          }}
        />
      )}
    </>
  );
}

/** Whether the row holds more than can be seen of it. */
function useCut(row: { current: HTMLElement | null }, searches: SavedSearch[]): boolean {
  const [cut, setCut] = useState(false);
  useEffect(() => {
    const element = row.current;
    if (!element) return setCut(false);
    const look = () => setCut(element.scrollWidth > element.clientWidth + 1);
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    look();
    return () => sizes.disconnect();
  }, [searches]);
  return cut;
}

const without = ({ tab, grouped }: Filter): Filter => ({ ...NO_FILTER, tab, grouped });

/** Beside the chips: keep what is shown, or what was changed of a saved search. */
export function SaveActs({ client, brand_id, filter, searches, editable, onFilter, onSaved }: SavedProps) {
  const [naming, setNaming] = useState(false);
  const used = searches.find(({ id }) => id === filter.search_id);
  const changed = used && isChanged(used, filter);
  if (!editable || !(isNarrowed(filter) || filter.folded) || (used && !changed)) return null;
  const save = () =>
    saying(async () => {
      await client.patch(`/searches/${used!.id}`, { ...changedSearch(used!, filter), version: used!.version });
      toast(t("find_saved_said", { name: used!.name }));
    }, onSaved);
  return (
    <div class="find-save">
      {used && (
        <>
          <span class="muted cut">{t("find_changed", { name: used.name })}</span>
          <Button kind="ghost" onClick={() => void save()}>
            {t("find_save_change")}
          </Button>
        </>
      )}
      {used ? (
        <Button kind="ghost" onClick={() => setNaming(true)}>
          {t("find_save_new")}
        </Button>
      ) : (
        <Button kind="ghost" class="find-keep" icon={Bookmark} title={t("find_save")} onClick={() => setNaming(true)}>
          <span>{t("find_save")}</span>
        </Button>
      )}
      {naming && (
        <NameDialog
          title={t("find_save")}
          name=""
          onClose={() => setNaming(false)}
          onName={async (name) => {
            const made = await client.post<SavedSearch>("/searches", { brand_id, name, ...searchOf(filter) });
            setNaming(false);
            onFilter((now) => ({ ...now, search_id: made.id }));
            toast(t("find_saved_said", { name: made.name }));
            onSaved();
          }}
        />
      )}
    </div>
  );
}

/** Say what was refused; what is stored is read again either way. */
async function saying(work: () => Promise<unknown>, onSaved: () => void): Promise<void> {
  try {
    await work();
  } catch (error) {
    toast(error instanceof ApiError ? error.text : t("error_internal"));
  }
  onSaved();
}

interface NameProps {
  title: string;
  name: string;
  onName: (name: string) => Promise<void>;
  onClose: () => void;
}

function NameDialog({ title, name: before, onName, onClose }: NameProps) {
  const [name, setName] = useState(before);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onName(name);
    } catch (error) {
      setBusy(false);
      setWrong(error instanceof ApiError ? error.textOf("name") : t("error_internal"));
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void save(event)}>
        <Input
          label={t("find_name")}
          value={name}
          onText={setName}
          autoFocus
          required
          maxLength={120}
          wrong={wrong || undefined}
          placeholder={t("find_name_example")}
        />
        <footer>
          <Button onClick={onClose}>{t("ui_cancel")}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {t("find_save_name")}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
