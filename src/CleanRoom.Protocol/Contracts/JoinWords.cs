namespace CleanRoom.Protocol.Contracts;

/// <summary>The words of <see cref="Documents.JoinRules.Required"/> that are no collaborator's id.</summary>
public static class JoinWords
{
    /// <summary>Stands for the asking collaborator's own dataset.</summary>
    public const string Analyst = "analyst";
}
