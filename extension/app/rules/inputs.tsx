import { useState } from "preact/hooks";
import { t } from "../../shared/i18n";
import { Input } from "../../shared/ui";

interface NumberInputProps {
  label: string;
  value: number | null;
  min: number;
  max: number;
  wrong?: string | undefined;
  onNumber: (n: number | null) => void;
}

export function NumberInput({ value, min, max, onNumber, ...rest }: NumberInputProps) {
  return (
    <Input
      {...rest}
      type="number"
      min={String(min)}
      max={String(max)}
      value={value === null ? "" : String(value)}
      onText={(text) => onNumber(text === "" || !Number.isInteger(Number(text)) ? null : Number(text))}
    />
  );
}

interface ListInputProps {
  label: string;
  value: string[];
  wrong?: string | undefined;
  onList: (list: string[]) => void;
}

/** Words between commas; what is typed stays as it is typed. */
export function ListInput({ label, value, wrong, onList }: ListInputProps) {
  const [text, setText] = useState(value.join(", "));
  return (
    <Input
      label={label}
      hint={t("rules_commas")}
      value={text}
      wrong={wrong}
      onText={(typed) => {
        setText(typed);
        const words = typed.split(",").map((one) => one.trim());
        onList([...new Set(words.filter(Boolean))]);
      }}
    />
  );
}
