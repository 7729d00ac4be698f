import { useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Button } from "../../shared/ui";
import { BrandFields, brandValues } from "../brand/fields";
import { fieldWords } from "../listening/words";
import type { StepProps } from "./index";

/** Who this is for. A further visit changes it. */
export function BrandStep({ client, brand, refresh, next }: StepProps) {
  const [values, setValues] = useState(() => brandValues(brand));
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const wrong = (field: string) => (error?.fields[field] ? fieldWords(error, field) : undefined);

  const save = async (event: Event) => {
    event.preventDefault();
    if (!values.name.trim()) return;
    setBusy(true);
    setError(undefined);
    try {
      if (brand) await client.patch<Brand>(`/brands/${brand.id}`, { ...values, version: brand.version });
      else await client.post<Brand>("/brands", values);
      await refresh();
      next();
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
      if (thrown.status === 409) await refresh();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="stack firstrun-form" onSubmit={(event) => void save(event)}>
      <BrandFields values={values} wrong={wrong} onSet={(change) => setValues({ ...values, ...change })} focus />
      {error && Object.keys(error.fields).length === 0 && (
        <p class="wrong" role="alert">
          {error.text}
        </p>
      )}
      <div>
        <Button kind="primary" big type="submit" busy={busy} disabled={!values.name.trim()}>
          {t(brand ? "firstrun_save_go_on" : "firstrun_go_on")}
        </Button>
      </div>
    </form>
  );
}
