import { useId } from "preact/hooks";
import { Button } from "./button";

interface ChoicesProps {
  label: string;
  options: { id: string; label: string }[];
  chosen: string[];
  wrong?: string | undefined;
  onChoose: (id: string) => void;
}

/** A few buttons beside each other, some of them pressed. */
export function Choices({ label, options, chosen, wrong, onChoose }: ChoicesProps) {
  const id = useId();
  return (
    <fieldset class="choices" aria-describedby={wrong ? id : undefined}>
      <legend>{label}</legend>
      <div class="row wrap">
        {options.map((one) => (
          <Button key={one.id} aria-pressed={chosen.includes(one.id)} onClick={() => onChoose(one.id)}>
            {one.label}
          </Button>
        ))}
      </div>
      {wrong && (
        <p id={id} class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
