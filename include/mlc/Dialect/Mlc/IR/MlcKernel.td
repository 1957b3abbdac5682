//===- MlcKernel.td - Kernels and their calls ----------------------*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_MLCKERNEL
#define MLC_DIALECT_MLC_IR_MLCKERNEL

include "mlc/Dialect/Mlc/IR/MlcBase.td"
include "mlc/Dialect/Mlc/IR/MlcAttrs.td"

include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

def Mlc_GroupOp : Mlc_Op<"group", [Pure, SingleBlock,
    DeclareOpInterfaceMethods<Mlc_ShapedOpInterface>]> {
  let summary = "The ops that become one kernel";
  let description = [{
    Made by `mlc-form-kernels` and turned into a kernel and a call by `mlc-outline-kernels`. The body captures
    its operands. `sizes` are the dynamic sizes of the results, in order.

    ```mlir
    %r = mlc.group [%n] {
      %e = mlc.exp %x : (tensor<?xf32>) -> tensor<?xf32>
      mlc.yield %e : tensor<?xf32>
    } : tensor<?xf32>
    ```
  }];
  let arguments = (ins Variadic<Index>:$sizes);
  let results = (outs Variadic<Mlc_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "(`[` $sizes^ `]`)? $body attr-dict `:` type($results)";
}

def Mlc_YieldOp : Mlc_Op<"yield", [Pure, Terminator, ReturnLike]> {
  let summary = "Ends a region with its results";
  let description = [{
    ```mlir
    mlc.yield %e : tensor<?xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange()); }]>];
}

def Mlc_KernelOp : Mlc_Op<"kernel", [IsolatedFromAbove, Symbol, SymbolTable, NoTerminator, SingleBlock]> {
  let summary = "A kernel: the unit of compilation";
  let description = [{
    Holds one `builtin.module` with one function, and from `schedule` on one such module per instruction-set
    level, named after the level. The function takes the operands as signless tensors (`i1` as `i8`), then one
    destination per result, then one `index` per distinct dynamic size, and returns the results.
    `sizes_of` on a tensor argument lists, for each of its dims, the position of its size among the `index`
    arguments, or -1 for a static dim.

    With `builtin` the kernel is the function of that name among the builtins: the module holds its declaration,
    and the `index` arguments are what the function documents.

    ```mlir
    mlc.kernel @exp_0 {
      builtin.module {
        func.func @kernel(%x: tensor<?xf32> {mlc.sizes_of = array<i64: 0>},
                         %out: tensor<?xf32> {mlc.sizes_of = array<i64: 0>}, %n: index) -> tensor<?xf32> {
          ...
        }
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrAttr>:$builtin);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`builtin` $builtin^)? attr-dict-with-keyword $body";
  let moreDeclarations = [{
    /// The function of the kernel at its first level.
    ::mlir::func::FuncOp getFunction();
    /// The modules of the kernel, one per level.
    auto getModules() { return getBody().front().getOps<::mlir::ModuleOp>(); }
  }];
}

def Mlc_CallKernelOp : Mlc_Op<"call_kernel", [Pure, AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<Mlc_ShapedOpInterface>,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Runs a kernel";
  let description = [{
    `inputs` are the kernel's tensor operands and `sizes` its index operands. `resultSizes` are the dynamic
    sizes of the results, in order.

    * C1: the callee is a kernel whose function has these operands, up to signedness and booleans.

    ```mlir
    %r = mlc.call_kernel @exp_0(%x) sizes [%n] results [%n] : (tensor<?xf32>) -> tensor<?xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<Mlc_Tensor>:$inputs, Variadic<Index>:$sizes,
                   Variadic<Index>:$resultSizes);
  let results = (outs Variadic<Mlc_Tensor>:$results);
  let assemblyFormat = [{
    $kernel `(` $inputs `)` (`sizes` `[` $sizes^ `]`)? (`results` `[` $resultSizes^ `]`)? attr-dict
    `:` functional-type($inputs, $results)
  }];
}

#endif // MLC_DIALECT_MLC_IR_MLCKERNEL
