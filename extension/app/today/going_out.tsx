import type { ApiError } from "../../shared/api";
import { moment, t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Button, Chip, Skeleton } from "../../shared/ui";
import type { Post } from "../compose/types";
import { networkName } from "../inbox/who";
import type { PageProps } from "../page";
import { Card } from "./card";

interface GoingOutProps {
  posts: { scheduled: Post[]; attention: Post[] } | undefined;
  error: ApiError | undefined;
  brand: Brand;
  go: PageProps["go"];
}

/** Posts that leave by themselves, and the ones that wait for a person. */
export function GoingOut({ posts, error, brand, go }: GoingOutProps) {
  const soonest = (posts?.scheduled ?? []).toSorted((a, b) =>
    (a.scheduled_for ?? "").localeCompare(b.scheduled_for ?? ""),
  );
  const rows = [...(posts?.attention ?? []), ...soonest];
  return (
    <Card title={t("today_going_out")}>
      {!posts && !error && <Skeleton rows={2} />}
      {error && !posts && <p class="muted">{error.text}</p>}
      {posts && rows.length === 0 && (
        <div class="today-nothing">
          <p>{t("today_nothing_going_out")}</p>
          <Button kind="ghost" onClick={() => go("compose", { id: "new" })}>
            {t("app_write")}
          </Button>
        </div>
      )}
      <ul>
        {rows.slice(0, 6).map((post) => {
          const waits = posts?.attention.includes(post);
          return (
            <li key={post.id} class="today-row">
              <div>
                <b>{post.scheduled_for ? moment(post.scheduled_for, brand.time_zone) : t("today_now")}</b>
                <p>
                  {[...new Set(post.deliveries.map(({ network }) => networkName(network)))].join(", ")} · {post.text}
                </p>
              </div>
              <div class="today-side">
                {waits ? (
                  <Button onClick={() => go("compose", { tab: "attention" })}>{t("today_look")}</Button>
                ) : (
                  <Chip tone="good">{t("today_ready")}</Chip>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
