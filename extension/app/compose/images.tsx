import { Crop, Image as ImageIcon, X } from "lucide";
import { inExtension } from "../../shared/browser";
import { t } from "../../shared/i18n";
import { Icon, IconButton, Input } from "../../shared/ui";
import { usePicture } from "./picture";
import type { Attached } from "./types";

interface ImagesProps {
  media: Attached[];
  /** Pictures chosen here, by the id the server gave them: shown without asking the server. */
  local: Record<string, string>;
  /** Files still on their way. */
  sending: number;
  wrong: string | undefined;
  alt_length: number;
  onMedia: (media: Attached[]) => void;
  onEdit: (id: string) => void;
}

/** The images, each with the words for those who cannot see it. */
export function Images({ media, local, sending, wrong, alt_length, onMedia, onEdit }: ImagesProps) {
  if (media.length === 0 && sending === 0 && !wrong) return null;
  return (
    <div class="stack">
      <ul class="compose-images">
        {media.map((one, index) => (
          <li key={one.id}>
            <Stored id={one.id} known={local[one.id] ?? (inExtension ? "" : one.url)} />
            <div class="grow">
              <Input
                label={t("compose_alt", { n: index + 1 })}
                value={one.alt}
                placeholder={t("compose_alt_hint")}
                hint={one.alt ? undefined : t("compose_alt_missing")}
                maxLength={alt_length || 5000}
                onText={(alt) => onMedia(media.with(index, { ...one, alt }))}
              />
            </div>
            <IconButton icon={Crop} label={t("compose_image_edit", { n: index + 1 })} onClick={() => onEdit(one.id)} />
            <IconButton
              icon={X}
              label={t("compose_image_drop", { n: index + 1 })}
              onClick={() => onMedia(media.filter(({ id }) => id !== one.id))}
            />
          </li>
        ))}
        {Array.from({ length: sending }, (_, index) => (
          <li key={`sending-${index}`} aria-busy="true">
            <Picture src="" />
            <span class="muted">{t("compose_image_sending")}</span>
          </li>
        ))}
      </ul>
      {wrong && (
        <p class="compose-wrong" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

function Stored({ id, known }: { id: string; known: string }) {
  return <Picture src={usePicture(id, known)} />;
}

function Picture({ src }: { src: string }) {
  if (!src) {
    return (
      <span class="compose-picture">
        <Icon icon={ImageIcon} />
      </span>
    );
  }
  return <img class="compose-picture" src={src} alt="" />;
}
