import type { ComponentChildren, InputHTMLAttributes, TextareaHTMLAttributes } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n";

interface About {
  label: string;
  /** Show the label to screen readers only. */
  quiet?: boolean;
  hint?: ComponentChildren;
  /** What is wrong with what was typed: from the API's `fields`. */
  wrong?: string | undefined;
  optional?: boolean;
}

/** A label, a control and what is to be said about it. `children` gets the attributes that tie them together. */
export function Field({
  label,
  quiet = false,
  hint,
  wrong,
  optional = false,
  children,
}: About & {
  children: (ties: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean;
  }) => ComponentChildren;
}) {
  const id = useId();
  const said = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id} class={quiet ? "visually-hidden" : ""}>
        {label} {optional && <span class="faint small">({t("ui_optional")})</span>}
      </label>
      {children({ id, "aria-describedby": said || undefined, "aria-invalid": Boolean(wrong) })}
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {wrong && (
        <div class="wrong" id={`${id}-wrong`} role="alert">
          {wrong}
        </div>
      )}
    </div>
  );
}

/** The attribute `autofocus` counts only when a page is loaded; a form that comes later asks for the focus itself. */
function useFocus<E extends HTMLElement>(wanted: boolean | undefined) {
  const ref = useRef<E>(null);
  useEffect(() => {
    if (wanted) ref.current?.focus();
  }, []);
  return ref;
}

type InputProps = About & {
  value: string;
  onText: (text: string) => void;
  type?: string;
  placeholder?: string;
  autocomplete?: string;
  required?: boolean;
  maxLength?: number;
  spellcheck?: boolean;
  name?: string;
  autoFocus?: boolean;
  onKeyDown?: (event: KeyboardEvent) => void;
  onBlur?: () => void;
  min?: string;
  max?: string;
};

export function Input({ label, quiet, hint, wrong, optional, value, onText, autoFocus, ...rest }: InputProps) {
  const ref = useFocus<HTMLInputElement>(autoFocus);
  return (
    <Field {...({ label, quiet, hint, wrong, optional } as About)}>
      {(ties) => (
        <input
          ref={ref}
          class="input"
          value={value}
          onInput={(event) => onText(event.currentTarget.value)}
          {...ties}
          {...(rest as InputHTMLAttributes)}
        />
      )}
    </Field>
  );
}

type TextAreaProps = About & {
  value: string;
  onText: (text: string) => void;
  rows?: number;
  placeholder?: string;
  maxLength?: number;
  lang?: string;
  spellcheck?: boolean;
  autoFocus?: boolean;
  onKeyDown?: (event: KeyboardEvent) => void;
  onBlur?: () => void;
};

export function TextArea({ label, quiet, hint, wrong, optional, value, onText, autoFocus, ...rest }: TextAreaProps) {
  const ref = useFocus<HTMLTextAreaElement>(autoFocus);
  return (
    <Field {...({ label, quiet, hint, wrong, optional } as About)}>
      {(ties) => (
        <textarea
          ref={ref}
          class="input"
          value={value}
          onInput={(event) => onText(event.currentTarget.value)}
          {...ties}
          {...(rest as TextareaHTMLAttributes)}
        />
      )}
    </Field>
  );
}

type SelectProps = About & {
  value: string;
  options: { value: string; label: string }[];
  onChoose: (value: string) => void;
};

export function Select({ label, quiet, hint, wrong, optional, value, options, onChoose }: SelectProps) {
  return (
    <Field {...({ label, quiet, hint, wrong, optional } as About)}>
      {(ties) => (
        <select class="input" value={value} onChange={(event) => onChoose(event.currentTarget.value)} {...ties}>
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
