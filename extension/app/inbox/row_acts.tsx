/** What a row can do, and what stands in it when it is unfolded. The same functions at every drawing (stable.ts). */
import type { Client } from "../../shared/api";
import type { Mention } from "../../shared/types";
import type { Acts } from "./acts";
import { AnswerBox, type AnsweringAccount } from "./answer";
import { Conversation } from "./conversation";
import type { Deeds } from "./deeds";
import { TeamFields } from "./edit";
import { Hints } from "./hints";
import { moreItems } from "./more";
import type { RowActs } from "./row";
import type { Selection } from "./selecting";
import { useStable } from "./stable";
import type { Member } from "./team";

interface Given {
  client: Client;
  acts: Acts;
  deeds: Deeds;
  selection: Selection;
  members: Member[];
  accounts: AnsweringAccount[];
  /** How many rows of the whole list stand above those that are here: rows count from its top. */
  offset: number;
  /** Id of the mention that is being answered here, "" = none. */
  answering: string;
  answer: (mention: Mention) => void;
  open: (mention: Mention) => void;
  snooze: (mention: Mention) => void;
  assign: (mention: Mention) => void;
  sameStory: (mention: Mention) => void;
  seeAnswer: (mention: Mention) => void;
  /** The box is closed; the row as it is after what was sent. */
  onAnswered: (now?: Mention) => void;
  onUndone: () => void;
}

export function useRowActs(given: Given): RowActs {
  const { client, acts, deeds, selection, members, accounts, offset, answering } = given;
  const { answer, open, snooze, assign, sameStory, seeAnswer, onAnswered, onUndone } = given;
  return useStable<RowActs>({
    answer,
    open,
    done: deeds.done,
    notUs: deeds.notUs,
    ours: deeds.ours,
    pick: selection.pick,
    sameStory,
    seeAnswer,
    select: (index) => selection.select(index - offset),
    toggle: (index) => (index - offset === selection.selected ? selection.unfold() : selection.select(index - offset)),
    more: (mention) => moreItems(mention, { ...deeds, snooze, assign, edit: selection.edit }),
    hints: (mention) => <Hints mention={mention} onJudge={(fields, said) => deeds.change(mention, fields, said)} />,
    team: (mention) => (
      <TeamFields
        key={mention.id}
        client={client}
        mention={mention}
        members={members}
        at={selection.field}
        onChange={(fields, said, before = mention) => void acts.change(before, fields, said)}
        onLeave={selection.leaveField}
        onUndo={(act) => void acts.undoLogged(act, mention).then(onUndone)}
      />
    ),
    conversation: (mention) => <Conversation key={mention.id} client={client} mention={mention} />,
    below: (mention) =>
      mention.id === answering && (
        <AnswerBox
          key={mention.id}
          client={client}
          mention={mention}
          accounts={accounts}
          onClose={() => onAnswered()}
          onSent={onAnswered}
        />
      ),
  });
}
