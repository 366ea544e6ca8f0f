using System.Text;
using CleanRoom.Client.Contracts.Drafting;
using CleanRoom.Portal.Browser;
using CleanRoom.Protocol;
using Microsoft.JSInterop;

namespace CleanRoom.Portal.Features.Drafting;

/// <summary>The contract that is being written in this browser. It is kept after each edit, and is there again after a reload.</summary>
internal sealed class DraftDesk(BrowserStore store)
{
    private const string Kept = "draft/contract";

    private bool _isRestored;

    /// <summary>Happens when the draft is another.</summary>
    public event Action? Changed;

    /// <summary>Gets the draft; null while none was begun.</summary>
    public DraftForm? Form { get; private set; }

    /// <summary>Gets why the last edit is not kept in this browser; null when it is.</summary>
    public Refusal? NotKept { get; private set; }

    /// <summary>Gets the field that is to have the focus once it is shown; null for none.</summary>
    public string? Wanted { get; private set; }

    /// <summary>Reads what was kept, once.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        if (_isRestored)
        {
            return;
        }

        _isRestored = true;
        if (await store.ReadAsync(Kept, cancellationToken) is { Length: > 0 } json && ContractDraft.FromPerson(Encoding.UTF8.GetBytes(json)).TryGet(out var draft, out _))
        {
            Form = new DraftForm(draft);
            Changed?.Invoke();
        }
    }

    /// <summary>Puts a draft in the place of the one before, and keeps it.</summary>
    public async Task SetAsync(ContractDraft draft)
    {
        Form = new DraftForm(draft);
        try
        {
            await store.WriteAsync(Kept, Encoding.UTF8.GetString(draft.ToBytes()), CancellationToken.None);
            NotKept = null;
        }
        catch (JSException)
        {
            NotKept = new Refusal(RefusalCode.StorageFailed, "a browser store that keeps the draft", "one that did not");
        }

        Changed?.Invoke();
    }

    /// <summary>Edits the draft.</summary>
    public Task EditAsync(Func<ContractDraft, ContractDraft> edit) => Form is { } form ? SetAsync(edit(form.Draft)) : Task.CompletedTask;

    /// <summary>Forgets the draft.</summary>
    public async Task ForgetAsync()
    {
        (Form, NotKept) = (null, null);
        await store.RemoveAsync(Kept, CancellationToken.None);
        Changed?.Invoke();
    }

    /// <summary>Asks for the focus of a field.</summary>
    public void Want(string place)
    {
        Wanted = place;
        Changed?.Invoke();
    }

    /// <summary>Says that the wanted field has the focus.</summary>
    public void Focused() => Wanted = null;
}
