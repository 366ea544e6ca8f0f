namespace CleanRoom.Fuzz.Running;

/// <summary>A changed input was accepted for something that nobody signed.</summary>
public sealed class UnsoundException(string message) : InvalidOperationException(message);
