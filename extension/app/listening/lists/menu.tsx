import { Download, Ellipsis, Upload } from "lucide";
import { useRef } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import { language, t } from "../../../shared/i18n";
import type { Brand } from "../../../shared/types";
import { Icon, Menu, toast } from "../../../shared/ui";

interface ListMenuProps {
  client: Client;
  brand: Brand;
  editor: boolean;
  onFile: (file: File) => void;
}

/** Lists of sources, in and out, as other readers have them. */
export function ListMenu({ client, brand, editor, onFile }: ListMenuProps) {
  const input = useRef<HTMLInputElement>(null);
  const save = async () => {
    try {
      const query = { brand_id: brand.id, language: language() };
      const { name, text } = await client.get<{ name: string; text: string }>("/sources/export.opml", query);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/x-opml" }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.text);
    }
  };
  return (
    <>
      <Menu
        label={t("lists_menu")}
        class="btn square"
        items={[
          ...(editor ? [{ label: t("lists_import"), icon: Upload, run: () => input.current?.click() }] : []),
          { label: t("lists_export"), icon: Download, run: () => void save() },
        ]}
      >
        <Icon icon={Ellipsis} />
      </Menu>
      <input
        ref={input}
        type="file"
        hidden
        accept=".opml,.xml,text/x-opml,text/xml,application/xml"
        aria-label={t("lists_import")}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) onFile(file);
        }}
      />
    </>
  );
}
